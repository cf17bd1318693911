using System.Buffers;
using System.IO.Pipelines;

namespace CioOrleans.Bench.Server;

/// <summary>The baseline of the accepts: in the same server, before any other middleware, it reads the body and answers <c>200 {}</c>.</summary>
internal sealed class NothingEndpoint(RequestDelegate next)
{
    public const string Path = "/bench/nothing";

    public Task InvokeAsync(HttpContext context) => context.Request.Path == Path ? AnswerAsync(context) : next(context);

    private static async Task AnswerAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        ReadResult read;
        do
        {
            read = await reader.ReadAsync();
            reader.AdvanceTo(read.IsCompleted ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
        }
        while (!read.IsCompleted);

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 2;
        context.Response.BodyWriter.Write("{}"u8);
    }
}
