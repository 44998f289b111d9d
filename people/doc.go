// Package people reads email addresses and lists of people that are pasted from mail
// programs, spreadsheets, chats and the desk's own pages.
package people
