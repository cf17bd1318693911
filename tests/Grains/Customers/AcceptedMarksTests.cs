using CioOrleans.Grains.Customers;

namespace CioOrleans.Customers;

public sealed class AcceptedMarksTests
{
    [Fact]
    public void A_mark_is_reached_when_its_call_or_a_later_one_has_ended()
    {
        var marks = new AcceptedMarks();
        var third = marks.Add(3);
        var fifth = marks.Add(5);

        marks.OnEnded(2);
        Assert.False(third.IsCompleted);

        marks.OnEnded(4);
        Assert.True(third.IsCompletedSuccessfully);
        Assert.False(fifth.IsCompleted);
    }

    [Fact]
    public void An_empty_queue_reaches_all_of_them_for_a_call_may_never_have_been_stored()
    {
        var marks = new AcceptedMarks();
        var ninth = marks.Add(9);

        marks.OnEmpty();

        Assert.True(ninth.IsCompletedSuccessfully);
    }

    [Fact]
    public void Who_has_stopped_waiting_is_forgotten()
    {
        var marks = new AcceptedMarks();
        var first = marks.Add(1);
        var second = marks.Add(1);
        marks.Remove(first);

        marks.OnEnded(1);

        Assert.False(first.IsCompleted);
        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_mark_that_was_reached_before_it_was_set_is_reached_at_once()
    {
        var marks = new AcceptedMarks();
        marks.OnEnded(3);

        Assert.True(marks.Add(3).IsCompletedSuccessfully);
        Assert.False(marks.Add(4).IsCompleted);
    }
}
