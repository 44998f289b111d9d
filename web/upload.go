package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"unicode/utf8"

	"meetdesk/meeting"
	"meetdesk/spreadsheet"
	"meetdesk/views"
)

// uploadType is the media type in which browsers send a form with a file.
const uploadType = "multipart/form-data"

// maxUpload is the maximum size, in bytes, of a form with a file. It allows for the file,
// for as much pasted text, and for the other fields.
const maxUpload = 2*spreadsheet.MaxSize + 64<<10

// upload is a file that a person sent.
type upload struct {
	name string
	data []byte
}

// isUpload reports whether the request is a form with a file.
func isUpload(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == uploadType
}

// readUpload returns the fields of a form with a file, and stores the file in the visit. It
// keeps everything in memory and writes no temporary files. Without a session it reads
// nothing, because anybody could send a file.
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
			var data []byte
			data, err = readPart(part, r.ContentLength)
			switch {
			case part.FormName() == views.FieldFile:
				v.upload = upload{name: part.FileName(), data: data}
			case utf8.Valid(data):
				fields.Add(part.FormName(), string(data))
			default:
				err = errors.New("a field is not UTF-8")
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

// readPart reads one part of a body. length is the length of the whole body, or -1 if it
// is not known. io.ReadAll would reserve several times as much memory as a large file
// needs.
func readPart(part *multipart.Part, length int64) ([]byte, error) {
	var data bytes.Buffer
	if part.FormName() == views.FieldFile && length > 0 {
		data.Grow(int(min(length, maxUpload)))
	}
	_, err := data.ReadFrom(part)
	return data.Bytes(), err
}
