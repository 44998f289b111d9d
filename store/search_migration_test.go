package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"meetdesk/store/listing"
)

// After the migration, a search finds words in many languages, with or without hyphens,
// accents and other marks.
func TestWordsAsPeopleTypeThem(t *testing.T) {
	dir := t.TempDir()
	written := []string{
		"O’Sullivan's Wi-Fi", "Osullivan WiFi", "E-mail for AT&T", "email for att", "Co-operation U.S.A.", "Cooperation USA", "Müller, Åse", "Mueller Aase", "COVID-19 in Łódź", "d'Avila col·lega",
		"ซ่อมเครื่องพิมพ์ชั้น 3", "팀회의실예약", "ກອງປະຊຸມໃຫຍ່", "ការប្រជុំក្រុម", "အစည်းအဝေးခန်း", "会議室の予約", "Zusam\u00admenkunft", "می\u200cخواهم", "Room ١٢", "1-23", "C++ training", "VPN🙂Portal",
	}
	statements := []string{`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`}
	for i, subject := range written {
		subject = "'" + strings.ReplaceAll(subject, "'", "''") + "'"
		statements = append(statements,
			fmt.Sprintf(`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, created_at, updated_at) VALUES (%d, 1, 1, 'X%[1]d', 'x%[1]d', %s, 'live', 1, 1)`, i+1, subject),
			fmt.Sprintf(`INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope) VALUES (%d, 'X', %s, 'One one@contoso.example', '', 'u1 e0')`, i+1, subject))
	}
	olderDatabase(t, dir, 7, statements...) // the index before the migration
	s := open(t, dir)
	for typed, want := range map[string][]int{
		"osullivan": {0, 1}, "o'sullivan": {0, 1}, "O’Sullivan": {0, 1}, "OSULL": {0, 1}, "sullivan": {0}, "wifi": {0, 1}, "wi-fi": {0, 1}, "Wi‑Fi osullivans": {0}, "wi fi": {0},
		"email": {2, 3}, "e-mail": {2, 3}, "att": {2, 3}, "at&t": {2, 3}, "cooperation": {4, 5}, "co-operation": {4, 5}, "coöperation": {4, 5}, "usa": {4, 5}, "u.s.a.": {4, 5}, "coop": {4, 5},
		"mueller": {6, 7}, "Müller": {6, 7}, "muller": {6}, "aase": {6, 7}, "covid19": {8}, "covid-19": {8}, "lodz": {8}, "davila": {9}, "d’avila": {9}, "collega": {9},
		"เครื่องพิมพ์": {10}, "พิมพ์": {10}, "เครืองพิมพ": {10}, "회의": {11}, "예약": {11}, "팀회": {11}, "ປະຊຸມ": {12}, "ប្រជុំ": {13}, "အဝေး": {14}, "議室": {15},
		"zusammenkunft": {16}, "میخواهم": {17}, "room 12": {18}, "room १२": {18}, "123": {}, "1-23": {19}, "12-3": {}, "c++": {20}, "ชุม": {}, "portal": {21}, "vpn🙂portal": {21}, "vpn portal 🙂": {21},
	} {
		page, err := s.History(t.Context(), listing.Criteria{Text: typed, Everyone: true, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		got := []int{}
		for _, m := range page.Rows {
			got = append(got, int(m.ID)-1)
		}
		if slices.Reverse(got); !slices.Equal(got, want) {
			t.Errorf("%q finds %d, want %d", typed, got, want)
		}
	}
}
