// Package people reads pasted mail addresses and lists of people. They come from mail
// programs, spreadsheets, chats and the desk's own pages.
package people
