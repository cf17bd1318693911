namespace CioOrleans.Silo.Configuration;

/// <summary>A set of limits for all classes. Settings of single classes override it.</summary>
internal enum LimitProfile
{
    /// <summary>Conservative: 100 in a second for each kind of Track call and of send.</summary>
    Default,

    /// <summary>The figures that Customer.io publishes.</summary>
    Published,
}
