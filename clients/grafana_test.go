package clients_test

import (
	"os"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// TestDashboard compares docs/monitoring/dashboard.json with Grafana's schema, which
// refuses unknown and missing fields. The plugins add the types of panel options.
func TestDashboard(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	content, err := os.ReadFile("../docs/monitoring/dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard.Dashboard
	if err := d.UnmarshalJSONStrict(content); err != nil && err.Error() != "" { // if nothing is wrong, err may be an empty list instead of nil
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil {
		t.Error(err)
	}
	if len(d.Panels) == 0 {
		t.Error("the dashboard has no panels")
	}
}
