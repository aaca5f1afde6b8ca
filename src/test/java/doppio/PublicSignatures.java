package doppio;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What code outside can name of a type: a line for the type, then one for each public or protected
 * constructor, method and field, with generics and exceptions. Sorted, for reflection promises no
 * order.
 */
final class PublicSignatures {
  private static final int SHOWN =
      Modifier.PUBLIC | Modifier.PROTECTED | Modifier.ABSTRACT | Modifier.STATIC | Modifier.FINAL;

  private PublicSignatures() {}

  static List<String> of(List<Class<?>> types) {
    List<String> lines = new ArrayList<>();
    for (Class<?> type : types) {
      lines.add(type.getName() + " is a " + declaration(type));
      Stream.concat(constructors(type), methodsAndFields(type))
          .map(member -> type.getName() + ": " + member)
          .distinct()
          .sorted()
          .forEach(lines::add);
    }
    return lines;
  }

  private static String declaration(Class<?> type) {
    StringBuilder text = new StringBuilder(modifiers(type.getModifiers()));
    text.append(type.isSealed() ? "sealed " : "").append(kind(type));
    text.append(typeParameters(type.getTypeParameters()));
    Type parent = type.getGenericSuperclass();
    if (kind(type).equals("class") && parent != Object.class) {
      text.append(" extends ").append(parent.getTypeName());
    }
    if (type.getInterfaces().length > 0) {
      text.append(type.isInterface() ? " extends " : " implements ");
      text.append(names(type.getGenericInterfaces()));
    }
    return text.toString();
  }

  private static String kind(Class<?> type) {
    if (type.isInterface()) {
      return type.isAnnotation() ? "@interface" : "interface";
    }
    if (type.isEnum()) {
      return "enum";
    }
    return type.isRecord() ? "record" : "class";
  }

  private static Stream<String> constructors(Class<?> type) {
    return Arrays.stream(type.getDeclaredConstructors())
        .filter(PublicSignatures::isOpen)
        .map(c -> before(c) + type.getSimpleName() + behind(c));
  }

  private static Stream<String> methodsAndFields(Class<?> type) {
    Stream<String> methods =
        Arrays.stream(type.getDeclaredMethods())
            .filter(PublicSignatures::isOpen)
            .map(PublicSignatures::method);
    Stream<String> fields =
        Arrays.stream(type.getDeclaredFields())
            .filter(PublicSignatures::isOpen)
            .map(PublicSignatures::field);
    // What a hidden class hands down to a public one can be called through that one.
    Class<?> parent = type.getSuperclass();
    Stream<String> handedDown =
        parent == null || Modifier.isPublic(parent.getModifiers())
            ? Stream.of()
            : methodsAndFields(parent);
    return Stream.of(methods, fields, handedDown).flatMap(lines -> lines);
  }

  private static boolean isOpen(Member member) {
    int open = Modifier.PUBLIC | Modifier.PROTECTED;
    return (member.getModifiers() & open) != 0 && !member.isSynthetic();
  }

  private static String method(Method m) {
    String type = m.getGenericReturnType().getTypeName();
    return (m.isDefault() ? "default " : "") + before(m) + type + " " + m.getName() + behind(m);
  }

  private static String field(Field f) {
    return modifiers(f.getModifiers()) + f.getGenericType().getTypeName() + " " + f.getName();
  }

  private static String before(Executable e) {
    String variables = typeParameters(e.getTypeParameters());
    return modifiers(e.getModifiers()) + variables + (variables.isEmpty() ? "" : " ");
  }

  private static String behind(Executable e) {
    String parameters = names(e.getGenericParameterTypes());
    if (e.isVarArgs()) {
      parameters = parameters.substring(0, parameters.length() - "[]".length()) + "...";
    }
    String exceptions =
        e.getExceptionTypes().length == 0 ? "" : " throws " + names(e.getGenericExceptionTypes());
    return "(" + parameters + ")" + exceptions;
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers & SHOWN);
    return text.isEmpty() ? "" : text + " ";
  }

  private static String typeParameters(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(v -> v.getName() + bounds(v.getBounds()))
            .collect(joining(", ", "<", ">"));
  }

  private static String bounds(Type[] bounds) {
    return bounds.length == 1 && bounds[0] == Object.class
        ? ""
        : Arrays.stream(bounds).map(Type::getTypeName).collect(joining(" & ", " extends ", ""));
  }

  private static String names(Type[] types) {
    return Arrays.stream(types).map(Type::getTypeName).collect(joining(", "));
  }
}
