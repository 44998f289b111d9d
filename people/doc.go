// Package people reads mail addresses and lists of people in the formats of mail
// programs, spreadsheets, chats and the desk's own pages. People paste such text into the
// attendee field or into the search box.
package people
