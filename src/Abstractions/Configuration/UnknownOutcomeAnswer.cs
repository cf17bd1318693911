namespace CioOrleans.Configuration;

/// <summary>The answer to a caller whose message may or may not have been sent.</summary>
public enum UnknownOutcomeAnswer
{
    /// <summary>424, which no SDK repeats by itself. After a 5xx the Node and the Python SDK would send the message again.</summary>
    DoNotRepeat,

    /// <summary>Customer.io's own 5xx; 504 for a time-out, 502 for a broken connection.</summary>
    AsReceived,
}
