namespace CioOrleans.EndToEnd.Wire;

/// <summary>
/// Malformed trailers on every road, in a dispatcher of their own: the log sums Kestrel's line about them up ten seconds later, which would fall into another
/// test's output.
/// </summary>
public sealed class TrailerTests(SharedWire wire) : MalformedInput(wire), IClassFixture<SharedWire>
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Trailers_are_nobodys_error_whatever_they_hold()
    {
        string[] trailers = ["X-A: \0", "Authorization: \0", "Idempotency-Key: \u00FF", "Connection: \0", "Content-Length: \0", "X-A: \u00FF\u0080"];
        foreach (var (url, line, credentials) in Endpoints.Append((Dispatcher.Url, "GET /health/live", "X-None: 1")).Append((Dispatcher.Admin, "GET /metrics", "X-None: 1")))
        {
            foreach (var trailer in trailers)
            {
                var status = await RawCaller.ExchangeAsync(
                    url, $"{line} HTTP/1.1\r\nHost: {url.Authority}\r\n{credentials}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n{trailer}\r\n\r\n");
                Assert.True(status is >= 200 and < 500, $"{line} answered {status} to the trailer {trailer}");
            }

            await GoodAsync();
        }

        await AssertGoodArrivedAsync(exceptFor: ErrorLines.DrainedTrailer);
    }
}
