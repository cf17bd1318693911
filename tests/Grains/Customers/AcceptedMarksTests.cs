namespace CioOrleans.Customers;

public sealed class AcceptedMarksTests
{
    [Fact]
    public void A_mark_is_reached_when_its_call_or_a_later_one_has_ended()
    {
        var marks = new AcceptedMarks();
        var third = marks.Add(3);
        var fifth = marks.Add(5);

        marks.OnEnded(2, isEmpty: false);
        Assert.False(third.IsCompleted);

        marks.OnEnded(4, isEmpty: false);
        Assert.True(third.IsCompletedSuccessfully);
        Assert.False(fifth.IsCompleted);
    }

    [Fact]
    public void An_empty_queue_reaches_all_of_them_for_a_call_may_never_have_been_stored()
    {
        var marks = new AcceptedMarks();
        var ninth = marks.Add(9);

        marks.OnEnded(1, isEmpty: true);

        Assert.True(ninth.IsCompletedSuccessfully);
    }

    [Fact]
    public void Who_has_stopped_waiting_is_forgotten()
    {
        var marks = new AcceptedMarks();
        var first = marks.Add(1);
        var second = marks.Add(1);
        marks.Remove(first);

        marks.OnEnded(1, isEmpty: false);

        Assert.False(first.IsCompleted);
        Assert.True(second.IsCompletedSuccessfully);
    }
}
