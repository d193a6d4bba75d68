# syntax=docker/dockerfile:1
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/ticktop ./cmd/ticktop && \
    mkdir -p /out/state && chown 65532:65532 /out/state

# Nothing but the binary and the certificates: no shell, no root.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/ticktop /usr/bin/ticktop
COPY --from=build --chown=65532:65532 /out/state /var/lib/ticktop
ARG VERSION=dev
LABEL org.opencontainers.image.title="ticktop" \
      org.opencontainers.image.description="Terminal dashboard for trading data in Redis" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
ENV XDG_STATE_HOME=/var/lib/ticktop
USER 65532:65532
EXPOSE 2222 9222
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["/usr/bin/ticktop", "healthcheck", "--metrics", "127.0.0.1:9222"]
ENTRYPOINT ["/usr/bin/ticktop"]
CMD ["serve", "--listen", "0.0.0.0:2222", "--host-key", "/var/lib/ticktop/host_key", "--metrics", "0.0.0.0:9222"]
