package doppio.optim;

/** A schedule that prints as the call that makes it. */
record NamedSchedule(String name, Schedule schedule) implements Schedule {
  @Override
  public double factor(int t) {
    return schedule.factor(t);
  }

  @Override
  public String toString() {
    return name;
  }
}
