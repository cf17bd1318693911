namespace CioOrleans.Configuration;

/// <summary>What a dead letter does to the queue of its customer.</summary>
public enum DeadLetterPolicy
{
    /// <summary>The calls behind it are delivered.</summary>
    Continue,

    /// <summary>The calls behind it wait until an operator replays it in its place or discards it.</summary>
    Hold,
}
