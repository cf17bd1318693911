namespace CioOrleans.Testing.Cluster;

/// <summary>The ways by which a call is accepted.</summary>
public enum FirstCall
{
    /// <summary>One call of Track v1.</summary>
    Delete = 0,

    /// <summary>Two operations of one person in a v2 batch.</summary>
    Batch = 1,

    /// <summary>A merge that the person is the secondary of.</summary>
    Merge = 2,

    /// <summary>A line of an import.</summary>
    Import = 3,
}
