package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/store/sqlitetest"
)

func takeReaders(t *testing.T, s *Store) {
	t.Helper()
	for range s.read.Stats().MaxOpenConnections {
		c, err := s.read.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
	}
}

func TestFetchingADictionaryIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sqlitetest.EndInterrupts(t)
		s := openNew(t)
		takeReaders(t, s)
		began := time.Now()
		err := s.packer.fetch(7)
		if waited := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || waited != fetchLimit {
			t.Errorf("%v after %v, want a time-out after %v", err, waited, fetchLimit)
		}
	})
}

// PlanErase stops searching text after planLimit and marks the plan as incomplete.
func TestPlanningAnErasureIsLimited(t *testing.T) {
	sqlitetest.AddPause()
	for takes, complete := range map[time.Duration]bool{planLimit / 4: true, planLimit + time.Second: false} {
		synctest.Test(t, func(t *testing.T) {
			sqlitetest.EndInterrupts(t)
			s := openNew(t)
			for _, q := range []string{`DROP TABLE presets`, fmt.Sprintf(`CREATE VIEW presets AS SELECT test_pause(%d) AS id, 'Zoe' AS name, '' AS name_key, '' AS prefix, '' AS subject, 1 AS changed_by`, takes)} {
				if _, err := s.write.ExecContext(t.Context(), q); err != nil {
					t.Fatal(err)
				}
			}
			plan, err := s.PlanErase(t.Context(), EraseRequest{Address: "zoe@fabrikam.example", Texts: []string{"Zoe"}})
			if err != nil || plan.TextsAll != complete || (plan.Texts > 0) != complete {
				t.Errorf("if reading a table takes %v: %+v, %v; want a complete plan: %v", takes, plan, err, complete)
			}
		})
	}
}
