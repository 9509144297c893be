# find_package(Ilwaco): guests of iksim in a CMake project, beside whatever else
# it builds.
#
#     find_package(Ilwaco REQUIRED)
#     ilwaco_guest(NAME hello SOURCES hello.c util.c [NET|BARE] [FLAGS -DX=1])
#
# makes the target `hello` and the image hello.elf in the build folder.
# CMAKE_PREFIX_PATH may name a prefix, or the build folder of iksim.
get_filename_component(ILWACO_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.."
  ABSOLUTE)
find_program(ILWACO_CC iksim-cc HINTS ${ILWACO_PREFIX}/bin ${ILWACO_PREFIX}
  NO_DEFAULT_PATH)
find_program(ILWACO_IKSIM iksim HINTS ${ILWACO_PREFIX}/bin ${ILWACO_PREFIX}
  NO_DEFAULT_PATH)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Ilwaco REQUIRED_VARS ILWACO_CC ILWACO_IKSIM)

function(ilwaco_guest)
  cmake_parse_arguments(PARSE_ARGV 0 arg "NET;BARE" "NAME" "SOURCES;FLAGS")
  if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ilwaco_guest(NAME name SOURCES file... [NET|BARE] "
      "[FLAGS flag...])")
  endif()
  set(kind "")
  if(arg_NET)
    set(kind --net)
  elseif(arg_BARE)
    set(kind --bare)
  endif()
  set(objects "")
  foreach(source IN LISTS arg_SOURCES)
    get_filename_component(path ${source} ABSOLUTE)
    get_filename_component(file ${source} NAME)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}.dir/${file}.o)
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}.dir)
    add_custom_command(OUTPUT ${object}
      COMMAND ${ILWACO_CC} ${kind} ${arg_FLAGS} -MD -MT ${object}
        -MF ${object}.d -c ${path} -o ${object}
      DEPENDS ${path} DEPFILE ${object}.d VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  set(image ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}.elf)
  add_custom_command(OUTPUT ${image}
    COMMAND ${ILWACO_CC} ${kind} ${arg_FLAGS} ${objects} -o ${image}
    DEPENDS ${objects} VERBATIM)
  add_custom_target(${arg_NAME} ALL DEPENDS ${image})
  set_target_properties(${arg_NAME} PROPERTIES ILWACO_IMAGE ${image})
endfunction()
