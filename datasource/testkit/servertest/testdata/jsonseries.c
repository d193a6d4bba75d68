/* A small module of the tests' own: the commands of RedisJSON and RedisTimeSeries that a reader needs, so that the
 * kinds json and timeseries are tried on a real server. It declares the part of the module API that it uses, as
 * redismodule.h of Redis 7.0 (BSD) documents it. Written for these tests; not for production. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct RedisModuleCtx Ctx;
typedef struct RedisModuleString String;
typedef struct RedisModuleKey Key;
typedef struct RedisModuleType Type;
typedef struct RedisModuleIO IO;

/* RedisModuleTypeMethods, version 1; the later fields stay zero. */
typedef struct {
    uint64_t version;
    void *(*rdb_load)(IO *, int);
    void (*rdb_save)(IO *, void *);
    void (*aof_rewrite)(IO *, String *, void *);
    size_t (*mem_usage)(const void *);
    void (*digest)(void *, void *);
    void (*free)(void *);
    void *later[20];
} TypeMethods;

enum { READ = 1, WRITE = 2, EMPTY = 0, RESP3 = 1 << 22 };

static int (*GetApi)(const char *, void *);
static void (*SetModuleAttribs)(Ctx *, const char *, int, int);
static Type *(*CreateDataType)(Ctx *, const char *, int, TypeMethods *);
static int (*CreateCommand)(Ctx *, const char *, int (*)(Ctx *, String **, int), const char *, int, int, int);
static Key *(*OpenKey)(Ctx *, String *, int);
static void (*CloseKey)(Key *);
static int (*KeyType)(Key *);
static Type *(*ModuleTypeGetType)(Key *);
static void *(*ModuleTypeGetValue)(Key *);
static int (*ModuleTypeSetValue)(Key *, Type *, void *);
static const char *(*StringPtrLen)(const String *, size_t *);
static int (*GetContextFlags)(Ctx *);
static int (*ReplyWithArray)(Ctx *, long);
static int (*ReplyWithLongLong)(Ctx *, long long);
static int (*ReplyWithDouble)(Ctx *, double);
static int (*ReplyWithSimpleString)(Ctx *, const char *);
static int (*ReplyWithStringBuffer)(Ctx *, const char *, size_t);
static int (*ReplyWithNull)(Ctx *);
static int (*ReplyWithError)(Ctx *, const char *);

static Type *series_type, *json_type;

static const char *WRONGTYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
static const char *ARITY = "ERR wrong number of arguments";

static const char *text(String *s) { return StringPtrLen(s, NULL); }
static int is(String *s, const char *word) { return strcasecmp(text(s), word) == 0; }

/* value opens a key; *found is NULL where there is none. It returns 0 where the key is of another type. */
static int value(Ctx *c, String *name, Type *type, void **found) {
    *found = NULL;
    Key *k = OpenKey(c, name, READ);
    if (!k) return 1;
    int ok = KeyType(k) == EMPTY || ModuleTypeGetType(k) == type;
    if (ok && KeyType(k) != EMPTY) *found = ModuleTypeGetValue(k);
    CloseKey(k);
    return ok;
}

/* ---- time series ---- */

typedef struct { long long at; char text[40]; } Sample;
typedef struct { long n, size; Sample *samples; } Series;

static void free_series(void *p) { Series *s = p; free(s->samples); free(s); }

static int reply_sample(Ctx *c, Sample *s) {
    ReplyWithArray(c, 2);
    ReplyWithLongLong(c, s->at);
    return GetContextFlags(c) & RESP3 ? ReplyWithDouble(c, atof(s->text)) : ReplyWithSimpleString(c, s->text);
}

/* TS.ADD key time value: times grow. */
static int ts_add(Ctx *c, String **argv, int argc) {
    if (argc < 4) return ReplyWithError(c, ARITY);
    Key *k = OpenKey(c, argv[1], READ | WRITE);
    Series *s;
    if (KeyType(k) == EMPTY) {
        s = calloc(1, sizeof *s);
        ModuleTypeSetValue(k, series_type, s);
    } else if (ModuleTypeGetType(k) != series_type) {
        CloseKey(k);
        return ReplyWithError(c, WRONGTYPE);
    } else {
        s = ModuleTypeGetValue(k);
    }
    long long at = atoll(text(argv[2]));
    if (s->n > 0 && s->samples[s->n - 1].at >= at) {
        CloseKey(k);
        return ReplyWithError(c, "TSDB: Timestamp must be newer");
    }
    if (s->n == s->size) {
        s->size = s->size ? 2 * s->size : 64;
        s->samples = realloc(s->samples, s->size * sizeof *s->samples);
    }
    s->samples[s->n].at = at;
    snprintf(s->samples[s->n].text, sizeof s->samples[s->n].text, "%s", text(argv[3]));
    s->n++;
    CloseKey(k);
    return ReplyWithLongLong(c, at);
}

/* TS.GET key: the newest sample. */
static int ts_get(Ctx *c, String **argv, int argc) {
    void *p;
    if (argc < 2) return ReplyWithError(c, ARITY);
    if (!value(c, argv[1], series_type, &p)) return ReplyWithError(c, WRONGTYPE);
    if (!p) return ReplyWithError(c, "ERR TSDB: the key does not exist");
    Series *s = p;
    return s->n ? reply_sample(c, &s->samples[s->n - 1]) : ReplyWithArray(c, 0);
}

/* range answers TS.RANGE and TS.REVRANGE key from to [COUNT n]. */
static int range(Ctx *c, String **argv, int argc, int newest_first) {
    void *p;
    if (argc < 4) return ReplyWithError(c, ARITY);
    if (!value(c, argv[1], series_type, &p)) return ReplyWithError(c, WRONGTYPE);
    if (!p) return ReplyWithError(c, "ERR TSDB: the key does not exist");
    Series *s = p;
    long long from = is(argv[2], "-") ? 0 : atoll(text(argv[2])), to = is(argv[3], "+") ? INT64_MAX : atoll(text(argv[3]));
    long most = s->n, first = 0, last = s->n;
    if (argc >= 6 && is(argv[4], "count")) most = atol(text(argv[5]));
    while (first < last && s->samples[first].at < from) first++;
    while (last > first && s->samples[last - 1].at > to) last--;
    long n = last - first < most ? last - first : most;
    ReplyWithArray(c, n);
    for (long i = 0; i < n; i++) reply_sample(c, &s->samples[newest_first ? last - 1 - i : first + i]);
    return 0;
}

static int ts_range(Ctx *c, String **argv, int argc) { return range(c, argv, argc, 0); }
static int ts_revrange(Ctx *c, String **argv, int argc) { return range(c, argv, argc, 1); }

/* TS.INFO key: a few of its fields. */
static int ts_info(Ctx *c, String **argv, int argc) {
    void *p;
    if (argc < 2) return ReplyWithError(c, ARITY);
    if (!value(c, argv[1], series_type, &p)) return ReplyWithError(c, WRONGTYPE);
    if (!p) return ReplyWithError(c, "ERR TSDB: the key does not exist");
    Series *s = p;
    ReplyWithArray(c, 6);
    ReplyWithSimpleString(c, "totalSamples"), ReplyWithLongLong(c, s->n);
    ReplyWithSimpleString(c, "firstTimestamp"), ReplyWithLongLong(c, s->n ? s->samples[0].at : 0);
    ReplyWithSimpleString(c, "lastTimestamp"), ReplyWithLongLong(c, s->n ? s->samples[s->n - 1].at : 0);
    return 0;
}

/* ---- JSON: the document is kept as its text, and walked ---- */

static const char *space(const char *p) { while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r') p++; return p; }

/* skip returns the end of the value at p. */
static const char *skip(const char *p) {
    p = space(p);
    if (*p == '"') {
        for (p++; *p && *p != '"'; p++) if (*p == '\\' && p[1]) p++;
        return *p ? p + 1 : p;
    }
    if (*p == '{' || *p == '[') {
        int depth = 0;
        while (*p) {
            if (*p == '"') { p = skip(p); continue; }
            if (*p == '{' || *p == '[') depth++;
            if ((*p == '}' || *p == ']') && --depth == 0) return p + 1;
            p++;
        }
        return p;
    }
    while (*p && !strchr(",]} \t\r\n", *p)) p++;
    return p;
}

/* member finds a field of an object, element the index-th of an array; NULL for none. */
static const char *member(const char *p, const char *name, size_t len) {
    p = space(p);
    if (*p != '{') return NULL;
    for (p = space(p + 1); *p == '"'; p = space(p + 1)) {
        const char *end = skip(p);
        int same = (size_t)(end - p) == len + 2 && memcmp(p + 1, name, len) == 0;
        p = space(end);
        if (*p++ != ':') return NULL;
        if (same) return space(p);
        p = space(skip(p));
        if (*p != ',') return NULL;
    }
    return NULL;
}

static const char *element(const char *p, long index) {
    p = space(p);
    if (*p != '[') return NULL;
    for (p = space(p + 1); *p && *p != ']'; p = space(p + 1)) {
        if (index-- == 0) return p;
        p = space(skip(p));
        if (*p != ',') return NULL;
    }
    return NULL;
}

/* follow walks a path: $, .name, ["name"], [0]. */
static const char *follow(const char *p, const char *path) {
    if (*path == '$') path++;
    while (p && *path) {
        if (strncmp(path, "[\"", 2) == 0) {
            const char *end = strstr(path + 2, "\"]");
            if (!end) return NULL;
            p = member(p, path + 2, end - path - 2);
            path = end + 2;
        } else if (*path == '[') {
            char *end;
            p = element(p, strtol(path + 1, &end, 10));
            path = *end ? end + 1 : end;
        } else {
            if (*path == '.') path++;
            size_t n = strcspn(path, ".[");
            if (n == 0) continue;
            p = member(p, path, n);
            path += n;
        }
    }
    return p;
}

/* JSON.SET key $ text */
static int json_set(Ctx *c, String **argv, int argc) {
    if (argc < 4) return ReplyWithError(c, ARITY);
    if (!is(argv[2], "$") && !is(argv[2], ".")) return ReplyWithError(c, "ERR only the root can be set here");
    Key *k = OpenKey(c, argv[1], READ | WRITE);
    if (KeyType(k) != EMPTY && ModuleTypeGetType(k) != json_type) {
        CloseKey(k);
        return ReplyWithError(c, WRONGTYPE);
    }
    ModuleTypeSetValue(k, json_type, strdup(text(argv[3])));
    CloseKey(k);
    return ReplyWithSimpleString(c, "OK");
}

/* JSON.GET key [path]: a path with $ answers with an array of what it finds. */
static int json_get(Ctx *c, String **argv, int argc) {
    void *p;
    if (argc < 2) return ReplyWithError(c, ARITY);
    if (!value(c, argv[1], json_type, &p)) return ReplyWithError(c, WRONGTYPE);
    if (!p) return ReplyWithNull(c);
    if (argc < 3) return ReplyWithStringBuffer(c, p, strlen(p));
    const char *path = text(argv[2]), *at = follow(p, path);
    if (*path != '$') return at ? ReplyWithStringBuffer(c, at, skip(at) - at) : ReplyWithError(c, "ERR Path does not exist");
    size_t n = at ? skip(at) - at : 0;
    char *out = malloc(n + 2);
    out[0] = '[';
    if (n) memcpy(out + 1, at, n);
    out[n + 1] = ']';
    ReplyWithStringBuffer(c, out, n + 2);
    free(out);
    return 0;
}

/* JSON.DEBUG MEMORY key [path] */
static int json_debug(Ctx *c, String **argv, int argc) {
    void *p;
    if (argc < 3) return ReplyWithError(c, ARITY);
    if (!value(c, argv[2], json_type, &p)) return ReplyWithError(c, WRONGTYPE);
    const char *at = p ? follow(p, argc > 3 ? text(argv[3]) : "$") : NULL;
    long long n = at ? skip(at) - at : 0;
    if (argc > 3 && *text(argv[3]) == '$') ReplyWithArray(c, 1);
    return ReplyWithLongLong(c, n);
}

static void *load(IO *io, int version) { (void)io, (void)version; return NULL; }
static void save(IO *io, void *p) { (void)io, (void)p; }
static void rewrite(IO *io, String *key, void *p) { (void)io, (void)key, (void)p; }

#define API(name) GetApi("RedisModule_" #name, (void *)&name)

int RedisModule_OnLoad(Ctx *c, String **argv, int argc) {
    (void)argv, (void)argc;
    *(void **)&GetApi = *(void **)c; /* the context begins with it */
    API(SetModuleAttribs), API(CreateDataType), API(CreateCommand), API(OpenKey), API(CloseKey), API(KeyType);
    API(ModuleTypeGetType), API(ModuleTypeGetValue), API(ModuleTypeSetValue), API(StringPtrLen), API(GetContextFlags);
    API(ReplyWithArray), API(ReplyWithLongLong), API(ReplyWithDouble), API(ReplyWithSimpleString), API(ReplyWithStringBuffer);
    API(ReplyWithNull), API(ReplyWithError);
    SetModuleAttribs(c, "jsonseries", 1, 1);
    TypeMethods m = {.version = 1, .rdb_load = load, .rdb_save = save, .aof_rewrite = rewrite, .free = free_series};
    series_type = CreateDataType(c, "TSDB-TYPE", 0, &m);
    m.free = free;
    json_type = CreateDataType(c, "ReJSON-RL", 0, &m);
    if (!series_type || !json_type) return 1;
    CreateCommand(c, "ts.add", ts_add, "write", 1, 1, 1), CreateCommand(c, "ts.get", ts_get, "readonly", 1, 1, 1);
    CreateCommand(c, "ts.range", ts_range, "readonly", 1, 1, 1), CreateCommand(c, "ts.revrange", ts_revrange, "readonly", 1, 1, 1);
    CreateCommand(c, "ts.info", ts_info, "readonly", 1, 1, 1), CreateCommand(c, "json.set", json_set, "write", 1, 1, 1);
    CreateCommand(c, "json.get", json_get, "readonly", 1, 1, 1), CreateCommand(c, "json.debug", json_debug, "readonly", 2, 2, 1);
    return 0;
}
