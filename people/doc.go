// Package people reads mail addresses and lists of people as others write them: mail
// programs, spreadsheets, chats and the desk's own pages. It reads text that people paste
// into the attendee field or into the search box.
package people
