using CioOrleans.Limits;

namespace CioOrleans.Silo.Configuration;

/// <summary>The limits of each profile, in the format of the settings.</summary>
internal static class LimitProfiles
{
    private static readonly Dictionary<LimitClass, string> _default = new()
    {
        [LimitClass.Identify] = "100/1s",
        [LimitClass.Track] = "100/1s",
        [LimitClass.Page] = "100/1s",
        [LimitClass.Batch] = "100/1s",
        [LimitClass.TransactionalEmail] = "100/1s",
        [LimitClass.TransactionalPush] = "100/1s",
        [LimitClass.Query] = "10/1s",
        [LimitClass.Broadcast] = "1/10s",
        [LimitClass.Pipelines] = "3000/3s",
    };

    // Track v1 and v2 together 1,000 in a second, earlier 3,000 in three; all sends together 100 in a second:
    // https://docs.customer.io/integrations/api/ as of August 2026.
    private static readonly Dictionary<LimitClass, string> _published = new()
    {
        [LimitClass.Identify] = "1000/1s, 3000/3s",
        [LimitClass.Track] = "identify",
        [LimitClass.Page] = "identify",
        [LimitClass.Batch] = "identify",
        [LimitClass.TransactionalEmail] = "100/1s",
        [LimitClass.TransactionalPush] = "transactional-email",
        [LimitClass.Query] = "10/1s",
        [LimitClass.Broadcast] = "1/10s",
        [LimitClass.Pipelines] = "3000/3s",
    };

    public static IReadOnlyDictionary<LimitClass, string> Of(LimitProfile profile) => profile == LimitProfile.Published ? _published : _default;
}

/// <summary>A set of limits for all classes. Settings of single classes override it.</summary>
internal enum LimitProfile
{
    /// <summary>Conservative: 100 in a second for each kind of Track call and of send.</summary>
    Default,

    /// <summary>The figures that Customer.io publishes.</summary>
    Published,
}
