namespace CioOrleans.Simulation;

/// <summary>What will happen, in order of time; what is due at the same moment happens in the order in which it was planned.</summary>
internal sealed class EventQueue(VirtualTime time)
{
    private readonly PriorityQueue<Action, Place> _events = new();
    private long _planned;

    public void At(TimeSpan moment, Action happens) => _events.Enqueue(happens, new Place(moment.Ticks, _planned++));

    public void In(TimeSpan delay, Action happens) => At(time.Now + delay, happens);

    /// <summary>Moves the clock to the next event and lets it happen; false when nothing is planned.</summary>
    public bool Step()
    {
        if (!_events.TryDequeue(out var happens, out var place))
        {
            return false;
        }

        time.Now = TimeSpan.FromTicks(place.Moment);
        happens();
        return true;
    }

    private readonly struct Place(long moment, long order) : IComparable<Place>
    {
        public readonly long Moment = moment;
        private readonly long _order = order;

        public int CompareTo(Place other) => Moment != other.Moment ? Moment.CompareTo(other.Moment) : _order.CompareTo(other._order);
    }
}
