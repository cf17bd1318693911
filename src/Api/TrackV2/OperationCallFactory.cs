using System.Text.Json;
using System.Text.Unicode;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Deduplication;
using CioOrleans.Api.Forwarding;
using CioOrleans.Calls;
using CioOrleans.Configuration;

namespace CioOrleans.Api.TrackV2;

/// <summary>Makes calls of the operations of a request, in one pass over its body.</summary>
internal sealed class OperationCallFactory(KeptHeaders headers, TimeProvider time)
{
    /// <summary>The target of an operation that is sent without a batch.</summary>
    public const string EntityTarget = "/api/v2/entity";

    // An operation that is nested too deep is refused alone, so the reader itself must not throw for it.
    private static readonly JsonReaderOptions _options = new() { MaxDepth = int.MaxValue };

    private static readonly OperationError _missing = OperationError.Malformed("The body is missing. Send a JSON object.");
    private static readonly OperationError _notUtf8 = OperationError.Malformed("The body is not valid UTF-8. Encode the JSON as UTF-8.");
    private static readonly OperationError _notAnObject = OperationError.Malformed("The body is not a JSON object. Send one: {…}.");
    private static readonly OperationError _noBatch = OperationError.Required("batch", "\"batch\" is missing or not an array. Send {\"batch\":[…]}.");
    private static readonly OperationError _twoBatches = OperationError.Invalid("batch", "\"batch\" is given twice. Send all operations in one array.");

    private static readonly OperationError _batchTooLarge =
        OperationError.Size("batch", $"The batch is larger than {CallLimits.MaxBatchBytes} bytes. Send it in parts.");

    /// <summary>Reads the body of <c>/api/v2/entity</c>: one operation. Its error refuses the whole request.</summary>
    public TrackV2Request ReadEntity(WorkspaceSettings workspace, IHeaderDictionary requestHeaders, ReadOnlySpan<byte> body) =>
        Read(workspace, requestHeaders, body, isBatch: false);

    /// <summary>Reads the body of <c>/api/v2/batch</c>. An invalid operation is refused alone.</summary>
    public TrackV2Request ReadBatch(WorkspaceSettings workspace, IHeaderDictionary requestHeaders, ReadOnlySpan<byte> body) =>
        body.Length > CallLimits.MaxBatchBytes ? TrackV2Request.Refused(_batchTooLarge) : Read(workspace, requestHeaders, body, isBatch: true);

    private TrackV2Request Read(WorkspaceSettings workspace, IHeaderDictionary requestHeaders, ReadOnlySpan<byte> body, bool isBatch)
    {
        if (BodyValidator.IsBlank(body))
        {
            return TrackV2Request.Refused(_missing);
        }

        if (!Utf8.IsValid(body))
        {
            return TrackV2Request.Refused(_notUtf8);
        }

        if (headers.Of(requestHeaders, out var refusal) is not { } kept)
        {
            return TrackV2Request.Refused(OperationError.Size("", refusal!.Message));
        }

        var intake = new OperationIntake(
            workspace, isBatch ? CallRules.OfEachOperation(kept) : kept, RequestKeys.Of(requestHeaders, workspace.Deduplication), time.GetUtcNow());
        var reader = new Utf8JsonReader(body, _options);
        try
        {
            reader.Read();
            var error = reader.TokenType != JsonTokenType.StartObject ? _notAnObject
                : isBatch ? WalkBatch(ref reader, body, intake)
                : WalkEntity(ref reader, body, intake);
            return error is null ? intake.ToRequest() : TrackV2Request.Refused(error);
        }
        catch (JsonException exception)
        {
            return TrackV2Request.Refused(OperationError.Malformed(
                $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}). Send one JSON object and nothing after it."));
        }
    }

    private static OperationError? WalkEntity(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, OperationIntake intake)
    {
        OperationReader.Read(ref reader, out var facts);

        // Throws if anything follows the object.
        reader.Read();
        return intake.Take(body, facts, place: null);
    }

    private static OperationError? WalkBatch(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, OperationIntake intake)
    {
        var isRead = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBatch = IsNamedBatch(ref reader);
            reader.Read();
            if (!isBatch)
            {
                reader.Skip();
                continue;
            }

            if (isRead || reader.TokenType != JsonTokenType.StartArray)
            {
                return isRead ? _twoBatches : _noBatch;
            }

            isRead = true;
            for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                OperationReader.Read(ref reader, out var facts);
                if (intake.Take(body, facts, index) is { } error && !intake.TryRefuse(index, error))
                {
                    return OperationError.Invalid("batch", $"More than {OperationIntake.MaxErrors} operations are wrong, so none was taken. The first is at {intake.FirstError.Index}: {intake.FirstError.Error.Message}");
                }
            }
        }

        reader.Read();
        return isRead ? null : _noBatch;
    }

    private static bool IsNamedBatch(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueTextEquals("batch"u8);
        }
        catch (InvalidOperationException)
        {
            // The name has half of a surrogate pair, so it is not "batch".
            return false;
        }
    }
}
