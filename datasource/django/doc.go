// Package django asks the platform's Django REST API for what Redis does not
// have. It implements datasource.Reader and knows nothing of Redis.
//
// It sends GET only, to one base URL; the token and the further headers go to its
// scheme, host and port and nowhere else. At most 4 requests are in flight, one
// per resource however many callers want it, and none while the API said to wait
// (429), refused the token (401), said that there is no such thing (404) or
// failed a moment ago (RELIABILITY, section 4). It never retries by itself: the
// next Read is the retry, and a Fault's RetryAt says when one will be sent.
package django
