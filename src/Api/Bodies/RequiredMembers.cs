using CioOrleans.Calls;

namespace CioOrleans.Api.Bodies;

/// <summary>Checks that need the whole body, because members come in any order.</summary>
internal static class RequiredMembers
{
    public static string? Check(BodyRule rule, in BodyFacts facts) => rule switch
    {
        BodyRule.Event or BodyRule.AnonymousEvent when !facts.HasRequired => "The event has no name. Send \"name\" as a string that is not blank.",

        // Customer.io limits the names of events only. The name of a page or screen view is an address, which may be longer.
        BodyRule.Event or BodyRule.AnonymousEvent when facts.IsNameTooLong && facts.View is null =>
            $"The event's name is longer than {CallLimits.MaxEventNameBytes} bytes. Shorten it and put the rest into \"data\".",
        BodyRule.Device when !facts.HasRequired => "\"device\" is missing. Send {\"device\":{\"id\":\"…\",\"platform\":\"ios\" or \"android\"}}.",
        BodyRule.Segment when !facts.HasRequired => "\"ids\" is missing. Send {\"ids\":[…]} with 1 to 1000 ids.",
        BodyRule.Form when !facts.HasRequired => "\"data\" is missing. Send {\"data\":{…}} with the form's fields.",
        BodyRule.Merge when facts.Subject is null => "\"primary\" is missing. Name the person to keep by one of id, email or cio_id.",
        BodyRule.Merge when facts.OtherSubject is null => "\"secondary\" is missing. Name the person to merge by one of id, email or cio_id.",
        BodyRule.Merge when facts.Subject == facts.OtherSubject => "\"primary\" and \"secondary\" are the same person. Name two people.",
        _ => null,
    };
}
