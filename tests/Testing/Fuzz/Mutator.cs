using System.IO.Compression;
using System.Text;

namespace CioOrleans.Testing.Fuzz;

/// <summary>Makes a valid request worse, by one step at a time.</summary>
public static class Mutator
{
    private static readonly string[] _methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "Post", "M-SEARCH", "PROPFIND", new('X', 50), "", "PO ST", "\0", "P\u00FCT"];

    private static readonly string[] _targetParts =
    [
        "%2F", "%2f", "/", "//", "/./", "/../", "%00", "%", "%zz", "%C0%80", "%ff", "%25", "%252F", "?", "#", "\\", ";a=b", "\u00FC", " ", "%0d%0aX-A:%20b", "\t", "*", ".", "@", ":", "&a=b", "%E2%80%A8",
        "%ud800", "+", "%20", "cio_", "..;/", "|", "<x>", "\"", "{}",
    ];

    private static readonly string[] _values =
    [
        "null", "true", "-1", "0", "1e400", "-0.0e-0", "9223372036854775808", "1e-400", "[]", "{}", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\udfff\\ud800\"", "\"\u00FF\"", "\"\u00C3\u0028\"", "[[[[[[]]]]]]",
        "{\"a\":{\"a\":[1,\"x\",null]}}", "\"\u00E2\u0080\u00A8\"", "\"cio_1\"", "\"a@b\"", "'x'", "NaN", "Infinity", "\"01ARZ3NDEKTSV4RRFFQ69G5FAV\"", "1700000000", "\"2026-01-01\"", "undefined", "/**/1", "1.0", "\"\\x\"", "\"\t\"",
    ];

    private static readonly string[] _fragments = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\0", "\u00EF\u00BB\u00BF", "\u00FF\u00FE", "\n", "\r\n", " ", "\u00C3\u0028", "\u00ED\u00A0\u0080", "\\ud800", "//", "null", "9", "-", "e", "\u007F"];

    private static readonly string[] _headers =
    [
        "Connection: X-Named, keep-alive\r\nX-Named: 1", "Connection: Content-Type", "Connection: Authorization", "Connection: ,,", "Connection: Upgrade\r\nUpgrade: h2c", "Upgrade: websocket", "Keep-Alive: timeout=5",
        "Expect: 100-continue", "Expect: x", "Prefer: respond-async", "Prefer: respond-async;x=1, , wait=99999999999", "Prefer: \"", "X-Dispatch-After: customer", "X-Dispatch-After: x", "X-Dispatch-After: ",
        "Content-Type: text/plain", "Content-Type: application/json; charset=utf-16", "Content-Type: \u00FF", "Content-Type: multipart/form-data; boundary=x", "Content-Type: application/x-www-form-urlencoded", "Content-Encoding: identity",
        "Content-Encoding: gzip", "Content-Encoding: br", "Content-Encoding: gzip, gzip", "Content-Encoding: x\u00FF", "Content-Encoding: ", "Accept-Encoding: gzip, br, *;q=0", "Idempotency-Key: ", "Idempotency-Key: \u00FC\u00FF",
        "Cookie: a=b; c", "X-A: \u00FF\u0080", "X-A: \u00C2\u0085Host: evil", "X-A: a\u000Bb", "X-A: a\0b", "X-A:a\tb ", "X-A : b", " X-A: b", "X-A", ": b", "X\u00FC: b", "X-A: a\rb", "X-A: a\nb", "X-A: a\r\n b", "X-A: a\r\n\tb", "X(): 1",
        "Host: evil.example", "Host: ", "Host: a b", "Authorization: Basic !!!", "Authorization: Basic", "Authorization: Bearer", "Authorization: Basic c2l0ZTp4", "Authorization: Basic \u00FF", "Authorization: Bearer \u00FF", "Proxy-Authorization: x",
        "Forwarded: for=1.2.3.4;host=x", "X-Forwarded-For: 1.2.3.4, x, [::1]:99999", "X-Forwarded-Host: evil", "X-Forwarded-Proto: x", "Via: 1.1 x", "TE: trailers", "Trailer: X-T", "Range: bytes=0-1", "If-None-Match: *", "If-Match: \"x\"",
        "If-Modified-Since: x", "Date: x", "Max-Forwards: -1", "Content-Length : 3", "Content-Location: \u00FF", "Content-MD5: x", "X-HTTP-Method-Override: DELETE", ":path: /x", "Retry-After: -1", "traceparent: 00-x", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "baggage: \u00FF=\u00FF", "Accept: \u00FF", "Content-Disposition: x", "Origin: null", "Access-Control-Request-Method: POST", "Sec-WebSocket-Key: x", "x-dispatch-close: 1", "Connection: x-dispatch-close, close, X-Q",
    ];

    private static readonly string[] _framings =
    [
        "Content-Length: 3", "Content-Length: 0", "Content-Length: 99999", "Content-Length: -1", "Content-Length: +2", "Content-Length: 2, 2", "Content-Length: 2\r\nContent-Length: 3", "Content-Length: 99999999999999999999",
        "Content-Length: 9223372036854775807", "Content-Length: 0x2", "Content-Length: ", "Content-Length: 2 ", "Content-Length: \u00FF", "Transfer-Encoding: chunked\r\nContent-Length: 4", "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: xchunked", "Transfer-Encoding: identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: \u000Bchunked",
        "Transfer-Encoding : chunked", "Transfer-Encoding: chunked", "Transfer-Encoding: ", "X-None: 1",
    ];

    private static readonly string[] _chunkedBodies =
    [
        "ZZ\r\n{}\r\n0\r\n\r\n", "2\r\n{}XX0\r\n\r\n", "-1\r\n", "FFFFFFFFFFFFFFFFFF\r\n{}", "80000000\r\n{}", "7fffffff\r\n{}", "2;a=b\r\n{}\r\n0\r\nX-T: 1\r\n\r\n", "2;\n{}\r\n0\r\n\r\n", "00000002\r\n{}\r\n00\r\n\r\n", "2 \r\n{}\r\n0\r\n\r\n",
        "2\n{}\n0\n\n", "2\r\n{}\r\n", "2\r\n{}\r\n0\r\nX: \0\r\n\r\n", "0\r\n\r\n", "\r\n", "2\r\n{}\r\n0\r\nContent-Length: 5\r\nHost: x\r\n\r\n", "0x2\r\n{}\r\n0\r\n\r\n", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    ];

    public static void Mutate(FuzzRequest request, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                Note(request, "method").Method = Pick(random, _methods);
                break;
            case 1 or 2 or 3:
                MutateTarget(request, random);
                break;
            case 4 or 5 or 6:
                MutateHeaders(request, random);
                break;
            case 7:
                Note(request, "framing").Framing = Framing.Own;
                request.IsLoose = true;
                request.Headers.Add(Pick(random, _framings));
                break;
            case 8:
                Note(request, "chunks").Framing = Framing.Own;
                request.IsLoose = true;
                request.Headers.Add("Transfer-Encoding: chunked");
                request.Body = Pick(random, _chunkedBodies);
                break;
            case 9:
                Note(request, "chunked").Framing = request.Framing == Framing.Own ? Framing.Own : Framing.Chunked;
                request.Chunks = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => 1 + random.Next(200))];
                break;
            case 10:
                Pack(request, random);
                break;
            case 11:
                Note(request, "version").Version = Pick(random, "HTTP/1.0", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "http/1.1", "", "HTTP/1.1 ", "HTTP/1.11", "X");
                request.IsLoose = true;
                break;
            case 12:
                request.Ending = Pick(random, Ending.Slow, Ending.Slow, Ending.HalfClose, Ending.Reset);
                break;
            default:
                MutateBody(request, random);
                break;
        }
    }

    private static void MutateTarget(FuzzRequest request, Random random)
    {
        Note(request, "target");
        var target = request.Target;
        request.Target = random.Next(12) switch
        {
            0 => $"{target}/",
            1 => $"http://evil.example{target}",
            2 => $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}x={new string('a', random.Next(9_000))}",
            3 => Pick(random, "*", "", "/", "//", "http://", "http:/x", "https://x", "x:80", "@127.0.0.1/x", "//evil/x", "/?", "/#", "/%", "\\", "http://[::1/x", "http://a:b@c/x", "ftp://x/y"),
            4 => target.ToUpperInvariant(),
            5 => Replace(target, random, c => $"%{(int)c:X2}"),
            6 => Replace(target, random, c => $"%25{(int)c:X2}"),
            7 => Replace(target, random, _ => ""),
            _ => target.Insert(random.Next(target.Length + 1), Pick(random, _targetParts)),
        };
    }

    private static void MutateHeaders(FuzzRequest request, Random random)
    {
        Note(request, "headers");
        var headers = request.Headers;
        var at = random.Next(headers.Count + 1);
        switch (random.Next(10))
        {
            case 0 when headers.Count > 0:
                headers.Insert(at, headers[random.Next(headers.Count)]);
                break;
            case 1 when headers.Count > 0:
                headers.RemoveAt(random.Next(headers.Count));
                break;
            case 2:
                headers.Insert(at, $"X-Big: {new string('a', random.Next(20_000))}");
                break;
            case 3:
                headers.AddRange(Enumerable.Range(0, random.Next(150)).Select(i => $"X-{i}: {i}"));
                break;
            case 4 when headers.Count > 0:
                // A byte of a header may be one that ends it.
                request.IsLoose = true;
                headers[^1] = headers[^1].Insert(random.Next(headers[^1].Length + 1), ((char)random.Next(256)).ToString());
                break;
            default:
                headers.Insert(at, Pick(random, _headers));
                break;
        }

        // A header may concern the connection: whether the server waits for the body, closes, or reads another Content-Length is then its own affair.
        request.IsLoose |= headers.Any(header => header.Contains('\n', StringComparison.Ordinal) || header.StartsWith("Connection", StringComparison.OrdinalIgnoreCase) || header.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase));
    }

    private static void MutateBody(FuzzRequest request, Random random)
    {
        if (request.IsPacked || request.Body.Length == 0)
        {
            return;
        }

        Note(request, "body");
        var body = request.Body;
        var at = random.Next(body.Length + 1);
        switch (random.Next(12))
        {
            case 0:
                request.Body = body[..at];
                break;
            case 1:
                request.Body = body.Insert(at, Pick(random, _fragments));
                break;
            case 2:
                var depth = random.Next(5) == 0 ? 20_000 : 70;
                request.Body = body.Insert(at, Pick(random, new string('[', depth), string.Concat(Enumerable.Repeat("{\"a\":", depth)), $"{new string('[', depth)}{new string(']', depth)}"));
                break;
            case 3:
                request.Body = Pick(random, "", " ", "\0", "null", "[]", "\"x\"", "0", "{", "{}{}", "\u00EF\u00BB\u00BF{}", "\u00FF\u00FE{\0}\0", "{\"batch\":{}}", "{\"batch\":[null,[],1]}", "{\"a\":1,}", "a=b&c=%ff");
                break;
            case 4:
                request.Body = body + Pick(random, _fragments);
                break;
            case 5:
                request.Body = Pick(random, _fragments) + body;
                break;
            case 6:
                request.Body = $"{body[..at]}{(char)random.Next(256)}{body[Math.Min(body.Length, at + 1)..]}";
                break;
            case 7 or 8:
                MutateValue(request, random, duplicate: true);
                break;
            default:
                MutateValue(request, random, duplicate: false);
                break;
        }
    }

    /// <summary>Puts another value, or another member of the same name, where a value begins.</summary>
    private static void MutateValue(FuzzRequest request, Random random, bool duplicate)
    {
        var body = request.Body;
        int[] colons = [.. Enumerable.Range(0, body.Length).Where(i => body[i] == ':' && i > 1 && body[i - 1] == '"')];
        if (colons.Length == 0)
        {
            return;
        }

        var colon = colons[random.Next(colons.Length)];
        var value = random.Next(12) == 0 ? new string('9', random.Next(5_000)) : Pick(random, _values);
        if (duplicate)
        {
            var quote = body.LastIndexOf('"', colon - 2);
            request.Body = body.Insert(Math.Max(0, quote), $"{body[Math.Max(0, quote)..(colon + 1)]}{value},");
            return;
        }

        var end = body.IndexOfAny([',', '}', ']'], colon);
        request.Body = $"{body[..(colon + 1)]}{value}{(end < 0 ? "" : body[end..])}";
    }

    private static void Pack(FuzzRequest request, Random random)
    {
        if (request.IsPacked)
        {
            return;
        }

        Note(request, "packed").IsPacked = true;
        request.IsMarkerPacked = request.Body.Contains(request.Marker, StringComparison.Ordinal);
        var isBrotli = random.Next(4) == 0;
        using var packed = new MemoryStream();
        using (Stream stream = isBrotli ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(Encoding.Latin1.GetBytes(request.Body));
        }

        var bytes = Encoding.Latin1.GetString(packed.ToArray());
        request.Headers.Add($"Content-Encoding: {(isBrotli ? "br" : Pick(random, "gzip", "gzip", "GZIP", "x-gzip"))}");
        if (random.Next(3) == 0)
        {
            // Broken: nothing is owed for what may not be there.
            request.Mutations.Add("broken");
            request.IsLoose = true;
            var at = random.Next(bytes.Length + 1);
            bytes = random.Next(3) switch
            {
                0 => bytes[..at],
                1 => bytes + bytes,
                _ => bytes.Insert(at, "\u0001\u00FF"),
            };
        }

        request.Body = bytes;
    }

    private static FuzzRequest Note(FuzzRequest request, string mutation)
    {
        request.Mutations.Add(mutation);
        return request;
    }

    private static T Pick<T>(Random random, params T[] from) => from[random.Next(from.Length)];

    private static string Replace(string text, Random random, Func<char, string> by)
    {
        if (text.Length < 2)
        {
            return text;
        }

        var at = 1 + random.Next(text.Length - 1);
        return $"{text[..at]}{by(text[at])}{text[(at + 1)..]}";
    }
}
