namespace CioOrleans.Client.BackPressure;

/// <summary>Who is turned away first.</summary>
public enum AdmissionRank
{
    /// <summary>Imports: at four fifths of what is configured.</summary>
    Bulk,

    /// <summary>At what is configured.</summary>
    Live,

    /// <summary>Messages that somebody waits for: at five quarters of it.</summary>
    Transactional,
}
