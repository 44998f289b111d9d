package clients_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// node returns the path of Node.js. If Node.js or MSAL is missing, the test is skipped, or
// fails if CLIENTS=required. Run "make test" to install MSAL.
func node(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if _, missing := os.Stat("node_modules/@azure/msal-node"); err == nil && missing != nil {
		err = fmt.Errorf("run npm ci in clients/: %w", missing)
	}
	if err == nil {
		return path
	}
	err = errors.Join(errors.New("MSAL Node needs Node.js and npm"), err)
	if os.Getenv("CLIENTS") == "required" {
		t.Fatal(err)
	}
	t.Skipf("left out: %v", err)
	return ""
}

func TestMSALNode(t *testing.T) {
	program := node(t)
	m := startMicrosoft(t, "")
	script := exec.CommandContext(t.Context(), program, "msal_node.mjs")
	script.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+m.certificate,
		"PUBLIC_URL="+m.url, "TENANT="+tenant, "CLIENT_ID="+clientID, "CLIENT_SECRET="+m.secret,
		"APP_ID="+appID, "APP_SECRET="+m.appSecret, "REDIRECT="+redirect, "PERSON="+priya, "OBJECT_ID="+priyaID)
	if out, err := script.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
