using System.Globalization;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox.Configuration;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>The sandbox's own requests, under <c>/sandbox</c>. They are not counted, limited, delayed or failed.</summary>
internal sealed class ControlApi(SandboxServer server)
{
    public static readonly PathString Root = "/sandbox";

    public async Task Serve(HttpContext context)
    {
        // A report reads every arrival. It must not block the thread that reads other requests.
        await Task.Yield();
        await Answer(context);
    }

    private Task Answer(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        return (request.Method, request.Path.Value) switch
        {
            ("GET", "/sandbox") => Responses.WriteHtml(response, StatusPage.Render(server)),
            ("GET", "/sandbox/report") => WriteReport(request, response),
            ("POST", "/sandbox/reset") => Reset(response),
            ("GET", "/sandbox/faults") => Responses.WriteJson(response, server.Faults),
            ("PUT", "/sandbox/faults") => PutFaults(request, response),
            ("GET", "/sandbox/customers") => Responses.WriteJson(response, server.Customers(Limit(request))),
            ("GET", "/sandbox/sends") => Responses.WriteJson(response, server.Sends()),
            ("GET", "/sandbox/requests") => WriteRequests(request, response),
            _ => Refuse(response, 404, "no such call; there are /sandbox and its report, reset, faults, customers, sends and requests"),
        };
    }

    private static int Limit(HttpRequest request) => int.TryParse(request.Query["limit"], CultureInfo.InvariantCulture, out var limit) ? limit : 100;

    private static Task Refuse(HttpResponse response, int status, string error) => Responses.WriteJson(response, new { error }, status);

    private Task WriteReport(HttpRequest request, HttpResponse response)
    {
        var text = request.Query["window"].ToString();
        return text.Length == 0 ? Responses.WriteJson(response, server.Report())
            : Duration.TryParse(text, out var window) && window > TimeSpan.Zero ? Responses.WriteJson(response, server.Report(window))
            : Refuse(response, 400, $"window: '{text}' is no duration such as 1s");
    }

    private Task Reset(HttpResponse response)
    {
        server.Reset();
        response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task PutFaults(HttpRequest request, HttpResponse response)
    {
        using var body = await RequestBody.ReadAsync(request) ?? default;
        try
        {
            var faults = Responses.ReadJson<SandboxFaults>(body.Bytes.Span) ?? SandboxFaults.None;
            if (faults.Error() is { } error)
            {
                await Refuse(response, 400, error);
                return;
            }

            server.Faults = faults;
            await Responses.WriteJson(response, faults);
        }
        catch (JsonException e)
        {
            await Refuse(response, 400, e.Message);
        }
    }

    private Task WriteRequests(HttpRequest request, HttpResponse response) => Responses.WriteJson(
        response,
        server.Requests.TakeLast(Limit(request)).Select(r => new
        {
            r.Method,
            r.RawTarget,
            r.Status,
            r.Headers,
            Body = Encoding.UTF8.GetString(r.Body.Span),
            BodyBase64 = Convert.ToBase64String(r.Body.Span),
        }));
}
