package main

import (
	"log/slog"

	"meetdesk/logs"
)

func (k *checker) logLevel(format, level string) slog.Level {
	if format != logs.Text && format != logs.JSON {
		k.add("LOG", "%q; text or json", format)
	}
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	l, ok := levels[level]
	if !ok {
		k.add("LOG_LEVEL", "%q; debug, info, warn or error", level)
	}
	return l
}
