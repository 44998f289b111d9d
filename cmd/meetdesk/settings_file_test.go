package main

import (
	"cmp"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// settingsFile is the path of the settings template that the packages install.
const settingsFile = "../../packaging/meetdesk.env"

const settingsFileHead = `# The settings of meetdesk. Only root needs to read this file: systemd hands the settings
# to the service. Fill in the first three, put the client secret into
# /etc/meetdesk/client-secret, and run "systemctl restart meetdesk". A line with # shows
# the default of a setting. /usr/share/doc/meetdesk/operate.md says more.
`

// filledIn contains the settings that are not commented out in the template. Each value is
// either empty or the name of a systemd credential.
var filledIn = map[string]string{"URL": "", "TENANT_ID": "", "CLIENT_ID": "", "CLIENT_SECRET_FILE": "client-secret", "SESSION_KEYS_FILE": "session-keys"}

// setByUnit maps the settings in packaging/meetdesk.service to their values.
var setByUnit = map[string]string{"DATA": "/var/lib/meetdesk", "BACKUP_DIR": "/var/backups/meetdesk"}

var markdownLink = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

func settingsTemplate(t *testing.T) string {
	t.Helper()
	var first, others strings.Builder
	for _, field := range settingFields(t) {
		tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
		name := tag.Get("env")
		b, hash, value := &others, "#", cmp.Or(setByUnit[name], tag.Get("envDefault"))
		if filled, ok := filledIn[name]; ok {
			b, hash, value = &first, "", filled
		}
		text := markdownLink.ReplaceAllString(strings.TrimSpace(field.Doc.Text()), "$1")
		text = strings.NewReplacer("`", "", "\n", "\n# ").Replace(text)
		fmt.Fprintf(b, "\n# %s\n%s%s%s=%s\n", text, hash, envPrefix, name, value)
	}
	return settingsFileHead + first.String() + others.String()
}

// TestSettingsFile compares the template with the fields of config. With -update, it
// writes the template.
func TestSettingsFile(t *testing.T) {
	want := settingsTemplate(t)
	if *update {
		if err := os.WriteFile(settingsFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(settingsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(content) != want {
		t.Error(`the template is out of date; run "go test ./cmd/meetdesk -run SettingsFile -update"`)
	}
	unit, err := os.ReadFile("../../packaging/meetdesk.service")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range setByUnit {
		if line := "\nEnvironment=" + envPrefix + name + "=" + value + "\n"; !strings.Contains(string(unit), line) {
			t.Errorf("the unit lacks %s", line)
		}
	}
	var names []string
	for _, field := range settingFields(t) {
		names = append(names, reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("env"))
	}
	for name := range filledIn {
		if !slices.Contains(names, name) {
			t.Errorf("there is no setting %s", name)
		}
	}
}
