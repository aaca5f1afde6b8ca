package doppio.internal;

import doppio.metric.Metric;
import doppio.nn.Linear;

/** Prints what has signs beyond ASCII in its name. */
final class PrintsSigns {
  private PrintsSigns() {}

  public static void main(String[] args) {
    System.out.println(new Linear(4, 3));
    System.out.println(Metric.rSquared());
  }
}
