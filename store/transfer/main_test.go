package transfer_test

import (
	"testing"

	"meetdesk/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }
