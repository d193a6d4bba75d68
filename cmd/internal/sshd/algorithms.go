package sshd

import (
	"crypto/rsa"
	"errors"
	"fmt"

	gossh "golang.org/x/crypto/ssh"
)

// The algorithms that are offered, best first. The library's defaults include
// SHA-1 for old clients; OpenSSH has spoken everything below since 6.7 (2014).
// Finite-field key exchanges are left out: one of 4,096 bits costs the server as
// much as a hundred on a curve, before anybody has logged in.
var (
	keyExchanges = []string{
		gossh.KeyExchangeMLKEM768X25519, gossh.KeyExchangeCurve25519,
		gossh.KeyExchangeECDHP256, gossh.KeyExchangeECDHP384, gossh.KeyExchangeECDHP521,
	}
	ciphers = []string{
		gossh.CipherAES128GCM, gossh.CipherAES256GCM, gossh.CipherChaCha20Poly1305,
		gossh.CipherAES128CTR, gossh.CipherAES192CTR, gossh.CipherAES256CTR,
	}
	macs = []string{gossh.HMACSHA256ETM, gossh.HMACSHA512ETM, gossh.HMACSHA256, gossh.HMACSHA512}

	// clientKeys are the signatures that a client may log in with.
	clientKeys = []string{
		gossh.KeyAlgoED25519, gossh.KeyAlgoSKED25519, gossh.KeyAlgoSKECDSA256,
		gossh.KeyAlgoECDSA256, gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521,
		gossh.KeyAlgoRSASHA512, gossh.KeyAlgoRSASHA256,
	}
)

// restrictAlgorithms offers nothing but the algorithms above.
func restrictAlgorithms(cfg *gossh.ServerConfig) {
	cfg.KeyExchanges, cfg.Ciphers, cfg.MACs = keyExchanges, ciphers, macs
	cfg.PublicKeyAuthAlgorithms = clientKeys
}

// hostSigner returns a host key that signs with no algorithm that is broken, or
// refuses it.
func hostSigner(s gossh.Signer) (gossh.Signer, error) {
	switch s.PublicKey().Type() {
	case gossh.KeyAlgoED25519, gossh.KeyAlgoECDSA256, gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521:
		return s, nil
	case gossh.KeyAlgoRSA:
		if rsaBits(s.PublicKey()) < minRSABits {
			return nil, fmt.Errorf("rsa host key under %d bits", minRSABits)
		}
		as, ok := s.(gossh.AlgorithmSigner)
		if !ok {
			return nil, errors.New("rsa host key cannot sign with SHA-2")
		}
		return gossh.NewSignerWithAlgorithms(as, []string{gossh.KeyAlgoRSASHA512, gossh.KeyAlgoRSASHA256})
	default:
		return nil, fmt.Errorf("host key type %q is not supported", s.PublicKey().Type())
	}
}

// minRSABits is the least size of an RSA key, of a host or a client.
const minRSABits = 2048

// checkKeyStrength refuses key types that are broken or that no server accepts.
func checkKeyStrength(key gossh.PublicKey) error {
	switch key.Type() {
	case gossh.KeyAlgoED25519, gossh.KeyAlgoECDSA256, gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521,
		gossh.KeyAlgoSKED25519, gossh.KeyAlgoSKECDSA256:
		return nil
	case gossh.KeyAlgoRSA:
		if rsaBits(key) >= minRSABits {
			return nil
		}
		return fmt.Errorf("rsa key under %d bits", minRSABits)
	default:
		return fmt.Errorf("key type %q is not supported", key.Type())
	}
}

// rsaBits returns the size of an RSA key, 0 for any other.
func rsaBits(key gossh.PublicKey) int {
	if ck, ok := key.(gossh.CryptoPublicKey); ok {
		if k, ok := ck.CryptoPublicKey().(*rsa.PublicKey); ok {
			return k.N.BitLen()
		}
	}
	return 0
}
