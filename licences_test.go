package meetdesk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// licences lists the permitted licences, each with a phrase from its text. The first match
// counts: the text of BSD-3-Clause also contains the phrase of BSD-2-Clause.
var licences = []struct {
	id, words string // id is an SPDX identifier
}{
	{"MPL-2.0", "mozilla public license, version 2.0"},
	{"Apache-2.0", "apache license version 2.0"},
	{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose"},
	{"BSD-3-Clause", "may be used to endorse or promote products"},
	{"BSD-2-Clause", "redistributions in binary form must reproduce the above copyright notice"},
	{"blessing", "sqlite is public domain"},
}

// copyleft lists the names of licences that would restrict how the program may be used or
// distributed.
var copyleft = []string{
	"gnu affero general public license", "gnu general public license", "gnu lesser general public license", "gnu library general public license",
	"server side public license", "business source license", "commons clause", "eclipse public license", "european union public licence",
}

// licencesOf returns the SPDX identifiers of the permitted licences in a module's licence
// files. It returns an error if there are none or if a text other than the MPL mentions a
// copyleft licence. It ignores all other texts, such as notices.
func licencesOf(texts []string) (ids []string, err error) {
	for _, text := range texts {
		text = strings.ToLower(strings.Join(strings.Fields(text), " "))
		id := ""
		for _, l := range licences {
			if strings.Contains(text, l.words) {
				id = l.id
				break
			}
		}
		for _, words := range copyleft {
			if strings.Contains(text, words) && id != "MPL-2.0" { // the MPL mentions the GPL, with which it is compatible
				return nil, fmt.Errorf("the licence mentions the %s", words)
			}
		}
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("none of its %d licence files is on the list", len(texts))
	}
	return ids, nil
}

func TestLicencesArePermissive(t *testing.T) {
	for _, m := range compiledModules(t) {
		if _, err := licencesOf(licenceTexts(t, m.Dir)); err != nil {
			t.Errorf("%s: %v", m.Path, err)
		}
	}
	const apache = "Apache License\n  Version 2.0, January 2004"
	for name, tt := range map[string]struct {
		texts []string
		ok    bool
	}{
		"AGPL":            {[]string{"GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007"}, false},
		"GPL":             {[]string{"GNU GENERAL PUBLIC LICENSE\n Version 2, June 1991"}, false},
		"Apache and AGPL": {[]string{apache, "This folder is under the GNU Affero General\nPublic License."}, false},
		"Commons Clause":  {[]string{"“Commons Clause” License Condition v1.0", apache}, false},
		"unknown":         {[]string{"You may use this on Mondays."}, false},
		"none":            {nil, false},
		"Apache":          {[]string{apache, "This product includes software developed at CoreOS, Inc."}, true},
	} {
		if ids, err := licencesOf(tt.texts); (err == nil) != tt.ok {
			t.Errorf("%s: %v, %v", name, ids, err)
		}
	}
}
