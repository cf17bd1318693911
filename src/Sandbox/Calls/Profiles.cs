using System.Text.Json;
using System.Text.Json.Nodes;

namespace CioOrleans.Sandbox.Calls;

/// <summary>The attributes of persons, which the App API's queries answer. It keeps the first 1,000 persons, and bodies of at most 8 KB. Thread-safe.</summary>
internal sealed class Profiles(TimeProvider timeProvider)
{
    private const int MaxPersons = 1_000;
    private const int MaxBytes = 8 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _persons = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Merges the attributes in <paramref name="json"/>, a JSON object, into the person's.</summary>
    public void Identify(string person, ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes)
        {
            return;
        }

        lock (_lock)
        {
            var isNew = !_persons.TryGetValue(person, out var attributes);
            if (isNew && _persons.Count >= MaxPersons)
            {
                return;
            }

            attributes ??= [];
            Merge(attributes, json);
            _persons[person] = attributes;
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Remove(string person)
    {
        lock (_lock)
        {
            _persons.Remove(person);
        }
    }

    /// <summary>The identifiers and attributes of the person with this id or e-mail address; null if no such person is kept.</summary>
    public (string Id, JsonObject Attributes)? Find(string person)
    {
        lock (_lock)
        {
            return _persons.TryGetValue(person, out var attributes) ? (person, attributes.DeepClone().AsObject())
                : _persons.FirstOrDefault(known => known.Value["email"]?.GetValue<string>() == person) is { Key: { } id } found ? (id, found.Value.DeepClone().AsObject())
                : null;
        }
    }

    /// <summary>Completes once <paramref name="person"/> is kept, and after <paramref name="limit"/> at the latest.</summary>
    public async Task WaitForAsync(string person, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            var left = limit - timeProvider.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || Find(person) is not null)
            {
                return;
            }

            try
            {
                await changed.WaitAsync(left, timeProvider, cancellationToken);
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private static void Merge(JsonObject attributes, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = json.IsEmpty ? null : JsonDocument.Parse(json);
            if (document?.RootElement.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                // Customer.io reads attributes back as strings.
                attributes[member.Name] = member.Value.ToString();
            }
        }
        catch (InvalidOperationException)
        {
            // A name or a value has half of a surrogate pair. The attributes behind it are left out.
        }
    }
}
