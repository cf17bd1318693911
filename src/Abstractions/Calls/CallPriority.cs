namespace CioOrleans.Calls;

/// <summary>Which of two ready customers gets a permit first. The numbers are stored and cross the wire: never renumber.</summary>
public enum CallPriority : byte
{
    /// <summary>Normal traffic. The default.</summary>
    Live = 0,

    /// <summary>An import. Bulk calls leave behind live calls, but never starve.</summary>
    Bulk = 1,
}
