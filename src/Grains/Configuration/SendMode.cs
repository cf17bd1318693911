namespace CioOrleans.Configuration;

/// <summary>What becomes of a send that says nothing about it.</summary>
public enum SendMode
{
    /// <summary>It is forwarded at once; the caller gets Customer.io's own answer.</summary>
    Forward,

    /// <summary>It is stored and sent as soon as it may; the caller is told where to look for the result.</summary>
    Durable,
}
