using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Sandbox.Calls;

/// <summary>Processes a v1 call: validates it, records it, and answers like Customer.io.</summary>
internal sealed class V1Calls(Ledger ledger, Profiles profiles, string region)
{
    private readonly Answer _region = Answer.RegionOf(region);

    public Answer Process(in TrackRoute route, in BodyFacts facts, ReadOnlyMemory<byte> body)
    {
        switch (route.Endpoint)
        {
            case Endpoint.Unknown:
                return Answer.NotFound;
            case Endpoint.MethodNotAllowed:
                return Answer.MethodNotAllowed;
            case Endpoint.Region:
                return _region;
        }

        if (Validation.Refusal(route, facts, body) is { } reason)
        {
            return Answer.Refused(route.Endpoint, reason);
        }

        ledger.Record(OrderingKey(route, facts, body), new ProcessedCall(facts.Seq, route.IsEvent, route.IsEvent ? facts.Id : 0, facts.Timestamp));
        if (route.Subject is { } person)
        {
            switch (route.Endpoint)
            {
                case Endpoint.Identify:
                    profiles.Identify(person, body);
                    break;
                case Endpoint.DeleteCustomer or Endpoint.Suppress:
                    profiles.Remove(person);
                    break;
            }
        }

        return route.Endpoint == Endpoint.Form ? Answer.NoContent : Answer.Ok;
    }

    private static string? OrderingKey(in TrackRoute route, in BodyFacts facts, ReadOnlyMemory<byte> body) => route.Endpoint switch
    {
        Endpoint.Merge => Validation.PrimaryOfMerge(body),
        Endpoint.AnonymousEvent when facts.AnonymousId is { } anonymousId => "anonymous:" + anonymousId,
        _ => route.OrderingKey,
    };
}
