package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"meetdesk/meeting"
	"meetdesk/spreadsheet"
	"meetdesk/views"
)

// uploadType is the media type in which browsers send a form with a file.
const uploadType = "multipart/form-data"

// maxUpload is the maximum size, in bytes, of a form with a file. It leaves room for as
// much pasted text.
const maxUpload = 2*spreadsheet.MaxSize + 64<<10

// upload is a file that a person sent.
type upload struct {
	name string
	file *spreadsheet.File
}

// isEmpty reports whether there is no file, or one without content. Browsers send a file
// without a name and content if nobody chooses one.
func (u upload) isEmpty() bool { return u.file == nil || u.file.Size() == 0 }

// isUpload reports whether the request is a form with a file.
func isUpload(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == uploadType
}

// readUpload returns the fields of a form with a file, and stores the file in the visit. It
// writes no temporary files. Without a session it reads nothing, because anybody could send
// a file.
func (s *Server) readUpload(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	v := visitOf(r)
	if !isUpload(r) || v.session == nil || !v.route.uploads {
		return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyType}
	}
	if r.PostForm != nil {
		return r.PostForm, nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable, Err: err}
	}
	fields, count := make(url.Values), 0
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			r.PostForm = fields
			return fields, nil
		}
		if count++; err == nil && count <= maxHeld {
			if part.FormName() == views.FieldFile {
				v.upload, err = readFile(part)
			} else {
				err = readField(fields, part)
			}
		}
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonImportLarge, Err: err}
		case err != nil || count > maxHeld:
			return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable, Err: err}
		}
	}
}

func readFile(part *multipart.Part) (upload, error) {
	u := upload{name: part.FileName(), file: new(spreadsheet.File)}
	_, err := u.file.ReadFrom(part)
	return u, err
}

func readField(fields url.Values, part *multipart.Part) error {
	var text strings.Builder
	if _, err := io.Copy(&text, part); err != nil {
		return err
	}
	if !utf8.ValidString(text.String()) {
		return errors.New("a field is not UTF-8")
	}
	fields.Add(part.FormName(), text.String())
	return nil
}
