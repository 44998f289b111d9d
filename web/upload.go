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

// uploadType is the media type of a form with a file.
const uploadType = "multipart/form-data"

// maxUpload is the maximum size, in bytes, of a form with a file. It leaves room for a file
// of the maximum size and for the same amount of pasted text.
const maxUpload = 2*spreadsheet.MaxSize + 64<<10

type upload struct {
	name string
	file *spreadsheet.File
}

// isEmpty reports whether the file is missing or empty. If no file was chosen, browsers send
// an empty file without a name.
func (u upload) isEmpty() bool { return u.file == nil || u.file.Size() == 0 }

// isUpload reports whether the request sends a form with a file to a route that accepts one.
func isUpload(r *http.Request) bool { return visitOf(r).route.uploads && isOfType(r, uploadType) }

// isForm reports whether the request is a form in a media type that its route accepts.
func isForm(r *http.Request) bool { return isOfType(r, formType) || isUpload(r) }

func isOfType(r *http.Request, mediaType string) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == mediaType
}

// readUpload reads a form with a file, as readBody reads other forms. It stores the file in
// the visit and keeps everything in memory instead of writing temporary files.
func readUpload(r *http.Request, body io.ReadCloser, tooLarge meeting.Reason) (url.Values, error) {
	r.Body = body
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable, Err: err}
	}
	fields := make(url.Values)
	for count := 0; ; count++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			r.PostForm = fields
			return fields, nil
		}
		if err == nil && count < maxHeld {
			err = readPart(visitOf(r), fields, part)
		}
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			return nil, &meeting.Error{Code: meeting.Invalid, Key: tooLarge, Err: err}
		case err != nil || count >= maxHeld:
			return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable, Err: err}
		}
	}
}

// readPart adds a part of a form to the fields, or stores it in the visit if it is the
// file.
func readPart(v *visit, fields url.Values, part *multipart.Part) error {
	if part.FormName() == views.FieldFile {
		v.upload = upload{name: part.FileName(), file: new(spreadsheet.File)}
		_, err := v.upload.file.ReadFrom(part)
		return err
	}
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
