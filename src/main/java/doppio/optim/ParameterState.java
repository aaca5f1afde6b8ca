package doppio.optim;

import doppio.nn.Parameter;
import java.util.ArrayList;
import java.util.List;

/** What an optimizer remembers of one parameter: how many steps it has made, and buffers. */
public final class ParameterState {
  final Parameter parameter;
  ParameterGroup group;
  long steps;
  final List<double[]> buffers = new ArrayList<>(2);

  ParameterState(Parameter parameter, ParameterGroup group) {
    this.parameter = parameter;
    this.group = group;
  }

  /**
   * The number of steps that have changed the parameter, the running one included. Steps that left
   * it alone, as it had no gradient, do not count.
   */
  public long steps() {
    return steps;
  }

  /**
   * A buffer with one number for each of the parameter's, the same from step to step; zeros when it
   * is asked for the first time.
   *
   * @param index counted from 0
   */
  public double[] buffer(int index) {
    while (buffers.size() <= index) {
      buffers.add(new double[parameter.value().size()]);
    }
    return buffers.get(index);
  }
}
