namespace CioOrleans.Configuration;

/// <summary>A set of limits for all classes, from which single ones may depart.</summary>
internal enum LimitProfile
{
    /// <summary>Conservative: every kind of Track call and of send on its own 100 in a second.</summary>
    Default,

    /// <summary>The figures that Customer.io publishes.</summary>
    Published,
}
