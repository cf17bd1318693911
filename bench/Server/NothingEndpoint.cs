using System.Buffers;

namespace CioOrleans.Bench.Server;

/// <summary>The baseline of the accepts: in the same server, ahead of everything, it reads the body and answers <c>200 {}</c>.</summary>
internal sealed class NothingEndpoint(RequestDelegate next)
{
    public const string Path = "/bench/nothing";

    public Task InvokeAsync(HttpContext context) => context.Request.Path == Path ? AnswerAsync(context) : next(context);

    private static async Task AnswerAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.End);
                break;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 2;
        context.Response.BodyWriter.Write("{}"u8);
    }
}
