namespace CioOrleans.Calls;

/// <summary>How a call's <see cref="DuplicateKey"/> is meant. The numbers cross the wire: never renumber.</summary>
public enum CallNote : byte
{
    /// <summary>The caller's own name of the call: a call whose key is known repeats an earlier one.</summary>
    Key = 0,

    /// <summary>The key of the whole request, to be remembered: an equal request may still be another call.</summary>
    Request = 1,

    /// <summary>Likewise, and the caller says that it repeats a request: where the key is known, that one was taken.</summary>
    RepeatedRequest = 2,
}
