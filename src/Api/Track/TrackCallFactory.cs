using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Deduplication;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.TrackV2.Translation;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.Track;

/// <summary>Makes a call of a Track v1 request after its body was read.</summary>
internal sealed class TrackCallFactory(KeptHeaders headers, TimeProvider time)
{
    /// <param name="operation">What the request does.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="target">Path and query as they were sent.</param>
    /// <param name="pathValue">The decoded identifier of the path; null if it has none.</param>
    /// <param name="requestHeaders">The request's headers.</param>
    /// <param name="body">The decoded body. It is copied.</param>
    public Intake Create(TrackOperation operation, WorkspaceSettings workspace, string target, string? pathValue, IHeaderDictionary requestHeaders, ReadOnlySpan<byte> body)
    {
        if (operation.Body == BodyRule.Identify && BodyValidator.SaysNothing(body))
        {
            body = "{}"u8;
        }

        if (BodyValidator.Validate(body, operation.Body, out var facts) is { } problem)
        {
            return Intake.Refused(Refusal.BadRequest(problem));
        }

        if (headers.Of(requestHeaders, out var refusal) is not { } kept)
        {
            return Intake.Refused(refusal!);
        }

        var acceptedAt = time.GetUtcNow();
        var id = Ulid.NewUlid(acceptedAt);
        var notes = RequestKeys.Of(requestHeaders, workspace.Deduplication).Note(facts.OwnKey, operation.Method, target, body);
        var call = new Call
        {
            Id = id,
            Kind = facts.View ?? operation.Kind,
            LimitClass = facts.View is null ? operation.LimitClass : LimitClass.Page,
            Method = operation.Method,
            Target = target,
            Headers = kept,
            Notes = notes,
            Body = BodyStamper.Stamp(body, operation.Body, facts, workspace.Stamping, id, acceptedAt),
            AcceptedAt = acceptedAt,
            OtherCustomer = facts.OtherSubject,
        };
        var customer = OrderingKey.Of(operation.OrderedBy, pathValue, facts, RequestKeys.SpreadBy(notes, id));
        return Intake.Taken(
            workspace.Batching.Mode == BatchingMode.All ? V1Translation.Apply(call, customer, pathValue, body, workspace.Stamping) : call, customer);
    }
}
