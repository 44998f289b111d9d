package main

import (
	"net"
	"net/netip"
)

const metricsHint = "anybody who reaches it can read the metrics; name an address that only Prometheus reaches, such as 127.0.0.1:9464"

func (c *config) checkMetrics(k *checker) {
	if c.MetricsAddr == "" {
		return
	}
	host, port, err := net.SplitHostPort(c.MetricsAddr)
	ip, _ := netip.ParseAddr(host)
	_, sitePort, _ := net.SplitHostPort(c.Addr)
	switch {
	case err != nil || !isAddress(c.MetricsAddr):
		k.add("METRICS_ADDR", "%q is no address to listen on; such as 127.0.0.1:9464", c.MetricsAddr)
	case port == sitePort && port != "0":
		k.add("METRICS_ADDR", "%q has the port of MEETDESK_ADDR, which is for people; %s", c.MetricsAddr, metricsHint)
	case c.publicURL != nil && host == c.publicURL.Hostname() && !isLoopback(host):
		k.add("METRICS_ADDR", "%q is the public address, MEETDESK_URL; %s", c.MetricsAddr, metricsHint)
	case host == "" || ip.IsUnspecified():
		k.add("METRICS_ADDR", "%q listens on every address of this machine, also the public one; %s", c.MetricsAddr, metricsHint)
	case ip.IsValid() && !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast():
		k.add("METRICS_ADDR", "%q is a public address; %s", c.MetricsAddr, metricsHint)
	}
}
