namespace CioOrleans.Calls;

/// <summary>Which of two ready customers goes first. The numbers are stored and cross the wire: never renumber.</summary>
public enum CallPriority : byte
{
    /// <summary>A call that something live waits for.</summary>
    Live = 0,

    /// <summary>An import: goes behind live calls, yet is never starved.</summary>
    Bulk = 1,
}
