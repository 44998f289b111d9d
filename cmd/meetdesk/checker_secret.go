package main

import (
	"os"
	"path/filepath"
	"strings"

	"meetdesk/auth"
)

const secretHint = "a client secret of the app registration"

// credential checks and returns an application's credential: a client secret, or a
// certificate and its key. The parameter prefix, "" or "APP_", precedes CLIENT_ in the
// names of the settings.
func (k *checker) credential(prefix, secret, secretFile, certificateFile, keyFile string) (c auth.Credential) {
	name := prefix + "CLIENT_CERTIFICATE_FILE"
	switch {
	case certificateFile == "" && keyFile != "":
		k.add(prefix+"CLIENT_KEY_FILE", "set without %s%s, the certificate that the key belongs to", envPrefix, name)
	case certificateFile == "":
		c.Secret = k.secret(prefix+"CLIENT_SECRET", secret, secretFile, secretHint)
		k.checkClientSecret(prefix+"CLIENT_SECRET", c.Secret)
	case secret != "" || secretFile != "":
		k.add(name, "set, and so is %s%sCLIENT_SECRET; remove the secret to use the certificate", envPrefix, prefix)
	default:
		c.Certificate = k.certificate(name, certificateFile, prefix+"CLIENT_KEY_FILE", keyFile)
	}
	return c
}

// certificate returns a certificate with its key. Without a key file, the certificate
// file must contain both.
func (k *checker) certificate(name, file, keyName, keyFile string) *auth.Certificate {
	if keyFile == "" {
		keyName, keyFile = name, file
	}
	certificate, key := k.file(name, file), k.file(keyName, keyFile)
	if certificate == nil || key == nil {
		return nil
	}
	signer, err := auth.ParseKey(key)
	if err != nil {
		k.add(keyName, "%s: %v", keyFile, err)
		return nil
	}
	c, err := auth.ParseCertificate(certificate, signer)
	if err != nil {
		k.add(name, "%s: %v", file, err)
	}
	return c
}

// checkClientSecret reports a value that cannot be a client secret. Such a value may have
// a second line, or begin with a byte order mark or the setting's name. RFC 6749, appendix
// A.2, allows printable ASCII only.
func (k *checker) checkClientSecret(name, secret string) {
	if strings.HasPrefix(secret, envPrefix) || strings.ContainsFunc(secret, func(r rune) bool { return r < ' ' || r > '~' }) {
		k.add(name, "the value has more than a client secret; write only the secret, in ASCII, on one line and without a byte order mark")
	}
}

// secret returns the value of a setting, or the content of the file that NAME_FILE names,
// without surrounding white space. Exactly one of the two must be set.
func (k *checker) secret(name, value, file, hint string) string {
	switch {
	case value != "" && file != "":
		k.add(name, "set here and by %s%s_FILE; one of them is enough", envPrefix, name)
	case value == "" && file == "":
		k.add(name, "missing (or %s%s_FILE, a file that holds it); %s", envPrefix, name, hint)
	case file != "":
		content := k.file(name+"_FILE", file)
		value = strings.TrimSpace(string(content))
		if content != nil && value == "" {
			k.add(name+"_FILE", "%s is empty; %s", file, hint)
		}
		if isQuoted(value) {
			k.add(name+"_FILE", quoted)
		}
	}
	return value
}

// file returns the content of a file. If it cannot read the file, it records the problem
// and returns nil. A relative path is resolved against systemd's credentials directory
// (LoadCredential=), if there is one.
func (k *checker) file(name, path string) []byte {
	if k.credentials != "" && !filepath.IsAbs(path) {
		path = filepath.Join(k.credentials, path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		k.addFileError(name, err, "%v", err)
		return nil
	}
	return content
}
