// Package django asks the platform's Django REST API for what Redis does not
// have. It implements datasource.Reader and knows nothing of Redis.
//
// It is a careful guest (RELIABILITY, section 4): GET only, one base URL, the
// token goes to its scheme, host and port and nowhere else, at most 4 requests
// in flight, one per resource however many callers want it, and none while the
// API asked for peace (429), refused the token (401), said that there is no
// such thing (404) or failed a moment ago. It never retries by itself: the next
// Read is the retry, and a Fault's RetryAt says when one will be sent.
package django
