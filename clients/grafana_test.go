package clients_test

import (
	"os"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// TestDashboard checks docs/monitoring/dashboard.json against Grafana's schema, and
// rejects unknown and missing fields.
func TestDashboard(t *testing.T) {
	// The plugins define the types of the panel options.
	plugins.RegisterDefaultPlugins()
	content, err := os.ReadFile("../docs/monitoring/dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard.Dashboard
	// On success, err may be an empty list of errors instead of nil.
	if err := d.UnmarshalJSONStrict(content); err != nil && err.Error() != "" {
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil {
		t.Error(err)
	}
	if len(d.Panels) == 0 {
		t.Error("the dashboard has no panels")
	}
}
