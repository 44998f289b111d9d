package testenv

import (
	"fmt"
	"net"
	"testing"
)

func TestFreeAddress(t *testing.T) {
	next := fmt.Sprintf("127.0.0.1:%d", firstPort+(start+given.Load()+1)%ports)
	taken, err := net.Listen("tcp4", next)
	if err != nil {
		t.Skip(err) // another program already has the port
	}
	defer taken.Close()
	first, second := FreeAddress(t), FreeAddress(t)
	if first == next || first == second {
		t.Errorf("%s is taken; free addresses are %s and %s", next, first, second)
	}
}
