using System.IO.Pipelines;
using CioOrleans.Api.Admission;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Submission;
using CioOrleans.Client.BackPressure;
using CioOrleans.Client.Imports;
using CioOrleans.Configuration;
using CioOrleans.Imports;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Guarding;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace CioOrleans.Api.Imports;

/// <summary><c>POST /bulk/identify</c>: reads people as JSON lines, answers one JSON line per person in the same order, and ends with a summary.</summary>
internal sealed class ImportEndpoint(
    CallerAuthenticator authenticator, BodyIntake bodies, ICallSink sink, AdmissionGate gate, ImportRunner imports, ApiSettings settings, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const string ContentType = "application/x-ndjson";

    /// <summary>How many bytes of results are gathered before a flush, while the next result is ready at once.</summary>
    private const int GatherBytes = 16 * 1024;

    public async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (authenticator.Authenticate(request.Headers.Authorization, required: true, out var refusal) is not { } workspace)
        {
            Answer.Refuse(response, refusal!, ErrorShape.Single);
            return;
        }

        if (ImportQuery.Read(request.Query, time, out var error) is not { } query)
        {
            Answer.Refuse(response, Refusal.BadRequest(error), ErrorShape.Single);
            return;
        }

        if (gate.Refuses(workspace.Name, AdmissionRank.Bulk) is { } full)
        {
            Answer.NotTaken(response, full);
            return;
        }

        if (BodyIntake.Open(request) is not { } body)
        {
            Answer.Refuse(response, BodyRefusals.UnknownEncoding, ErrorShape.Single);
            return;
        }

        TakeAnyTime(context);
        response.ContentType = ContentType;
        response.Headers["Import-Id"] = query.Import.ToString();
        await RunAsync(context, workspace, query, body);
    }

    /// <summary>Lifts the minimum data rates. An import is as slow as its delivery, so a silent peer has not necessarily gone.</summary>
    private static void TakeAnyTime(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } reading)
        {
            reading.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } writing)
        {
            writing.MinDataRate = null;
        }
    }

    private async Task RunAsync(HttpContext context, WorkspaceSettings workspace, ImportQuery query, PipeReader body)
    {
        var import = new ImportAddress(workspace.Name, query.Import);
        var notes = ImportCallFactory.NotesOf(query.Import);
        var lines = new ImportBody(body, settings.MaxBodyBytes, settings.BodyTimeout, time, bodies.Lease(context.Response), user => imports.Create(user, import, notes));
        await using var stopping = lifetime.ApplicationStopping.Register(lines.Stop);
        var summary = new ImportSummary();
        var output = context.Response.BodyWriter;
        await using var results = imports
            .RunAsync(import, lines.ReadAsync(context.RequestAborted), query.Rows, (customer, call) => sink.AcceptAsync(workspace.Name, customer, call), context.RequestAborted)
            .GetAsyncEnumerator();
        try
        {
            while (await NextAsync(results, output))
            {
                summary.Add(results.Current);
                if (!query.OnlyRefused || results.Current is not ImportResult.Accepted)
                {
                    ImportLineAnswer.Write(output, results.Current);
                }
            }
        }
        catch (Exception exception) when (RequestGuard.IsMalformed(exception) && (context.Response.HasStarted || output.UnflushedBytes > 0))
        {
            // The request broke off or became malformed after a part of the answer was written. What was accepted stays accepted.
            RequestGuard.CloseAfterwards(context);
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            RequestGuard.CloseAfterwards(context);
            return;
        }
        catch (InvalidDataException)
        {
            // The rest of a broken gzip body cannot be decoded. The summary reports an incomplete body.
        }

        await TellAsync(import);
        ImportLineAnswer.Write(output, query.Import, summary, lines.IsComplete && summary.Unavailable == 0);
    }

    /// <summary>Flushes before it waits, because the caller may wait for a result before it sends the next line.</summary>
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ImportResult> results, PipeWriter output)
    {
        var next = results.MoveNextAsync();
        if (!next.IsCompleted || output.UnflushedBytes > GatherBytes)
        {
            await output.FlushAsync();
        }

        return await next;
    }

    /// <summary>Reports to the import before the summary is written, so that its progress includes every person of the summary.</summary>
    private async ValueTask TellAsync(ImportAddress import)
    {
        try
        {
            await imports.ReportAsync(import);
        }
        catch (Exception)
        {
            // A later report repeats it.
        }
    }
}
